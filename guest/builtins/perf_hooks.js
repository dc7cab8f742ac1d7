'use strict';
const EventEmitter = require('events');

class PerformanceObserver extends EventEmitter {
  static get supportedEntryTypes() {
    return [];
  }
  observe() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}

module.exports = {
  performance,
  PerformanceObserver,
  monitorEventLoopDelay: () => ({
    enable: () => true,
    disable: () => true,
    min: 0,
    max: 0,
    mean: 0,
    stddev: 0,
    percentile: () => 0,
    reset() {},
  }),
  createHistogram: () => ({
    record() {},
    reset() {},
    min: 0,
    max: 0,
    mean: 0,
    stddev: 0,
    percentile: () => 0,
  }),
  constants: {},
};
