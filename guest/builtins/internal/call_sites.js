'use strict';
// util.getCallSites, read off a stack.
const { validateBoolean, validateNumber, validateObject } = require('internal/validators');

function siteOf(line) {
  const match = /^\s+at (?:async )?(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(line);
  if (match === null) return undefined;
  const [, name = '', scriptName, lineNumber, column] = match;
  return {
    __proto__: null,
    functionName: name === '<anonymous>' ? '' : name.replace(/^new |^.*\./, ''),
    scriptId: '0',
    scriptName,
    lineNumber: Number(lineNumber),
    columnNumber: Number(column),
    column: Number(column),
  };
}

// The stack as the engine writes it, whatever the program asked errors to print.
function stackBelow(caller, frameCount) {
  const before = [Error.stackTraceLimit, Error.prepareStackTrace];
  try {
    Error.stackTraceLimit = frameCount;
    Error.prepareStackTrace = undefined;
    const holder = {};
    Error.captureStackTrace(holder, caller);
    return holder.stack;
  } finally {
    [Error.stackTraceLimit, Error.prepareStackTrace] = before;
  }
}

function getCallSites(caller, frameCount = 10, options = undefined) {
  if (options === undefined && typeof frameCount === 'object') {
    options = frameCount;
    frameCount = 10;
  }
  if (options !== undefined) {
    validateObject(options, 'options');
    if (options.sourceMap !== undefined)
      validateBoolean(options.sourceMap, 'options.sourceMap');
  }
  validateNumber(frameCount, 'frameCount', 1, 200);
  const lines = stackBelow(caller, Math.floor(frameCount)).split('\n');
  return lines.map(siteOf).filter((site) => site !== undefined);
}

module.exports = { getCallSites };
