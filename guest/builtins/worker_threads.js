'use strict';
const { codes } = require('internal/errors');
const refuse = (name) =>
  class {
    constructor() {
      throw new codes.ERR_UNAVAILABLE(name);
    }
  };
const { structuredClone } = require('internal/structured_clone');

const environment = new Map();

module.exports = {
  isMainThread: true,
  isInternalThread: false,
  parentPort: null,
  workerData: null,
  threadId: 0,
  threadName: '',
  resourceLimits: {},
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  Worker: refuse('worker_threads.Worker'),
  MessageChannel: refuse('worker_threads.MessageChannel'),
  MessagePort: refuse('worker_threads.MessagePort'),
  BroadcastChannel: refuse('worker_threads.BroadcastChannel'),
  getEnvironmentData: (key) => environment.get(key),
  setEnvironmentData: (key, value) =>
    value === undefined ? environment.delete(key) : environment.set(key, structuredClone(value)),
  markAsUncloneable() {},
  markAsUntransferable() {},
  isMarkedAsUntransferable: () => false,
  moveMessagePortToContext() {
    throw new codes.ERR_UNAVAILABLE('worker_threads.moveMessagePortToContext');
  },
  receiveMessageOnPort: () => undefined,
};
