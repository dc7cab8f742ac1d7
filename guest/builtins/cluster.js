'use strict';
module.exports = Object.assign(
  new (require('events'))(),
  require('internal/unavailable')(
    'cluster',
    ['disconnect', 'fork', 'setupMaster', 'setupPrimary'],
    ['Worker'],
    {
      isMaster: true,
      isPrimary: true,
      isWorker: false,
      settings: {},
      workers: {},
      SCHED_NONE: 1,
      SCHED_RR: 2,
      schedulingPolicy: 2,
    },
  ),
);
