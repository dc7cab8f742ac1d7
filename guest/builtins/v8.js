'use strict';
const { codes } = require('internal/errors');
const process = require('process');

module.exports = {
  cachedDataVersionTag: () => 0,
  getHeapSpaceStatistics: () => [],
  getHeapStatistics() {
    const { heapUsed } = process.memoryUsage();
    return {
      total_heap_size: heapUsed,
      used_heap_size: heapUsed,
      heap_size_limit: 4294967296,
      malloced_memory: heapUsed,
      number_of_native_contexts: 1,
    };
  },
  setFlagsFromString() {},
  serialize() {
    throw new codes.ERR_UNAVAILABLE('v8.serialize');
  },
  deserialize() {
    throw new codes.ERR_UNAVAILABLE('v8.deserialize');
  },
  startupSnapshot: { isBuildingSnapshot: () => false },
};
