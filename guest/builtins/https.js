'use strict';
const { Agent } = require('http');
module.exports = require('internal/unavailable')(
  'https',
  ['createServer', 'get', 'request'],
  ['Server'],
  { Agent, globalAgent: new Agent() },
);
