'use strict';
const formats = ['Brotli', 'Deflate', 'DeflateRaw', 'Gzip', 'Gunzip', 'Inflate', 'InflateRaw', 'Unzip'];
module.exports = require('internal/unavailable')('zlib',
  ['brotliCompress', 'brotliCompressSync', 'brotliDecompress', 'brotliDecompressSync', 'crc32', 'createBrotliCompress', 'createBrotliDecompress',
    ...formats.slice(1).map((name) => `create${name}`),
    ...formats.slice(1).flatMap((name) => [name[0].toLowerCase() + name.slice(1), `${name[0].toLowerCase()}${name.slice(1)}Sync`])],
  ['BrotliCompress', 'BrotliDecompress', ...formats.slice(1)], {
    constants: Object.freeze({
      __proto__: null, Z_NO_FLUSH: 0, Z_PARTIAL_FLUSH: 1, Z_SYNC_FLUSH: 2, Z_FULL_FLUSH: 3, Z_FINISH: 4, Z_BLOCK: 5, Z_OK: 0, Z_STREAM_END: 1,
      Z_NEED_DICT: 2, Z_ERRNO: -1, Z_STREAM_ERROR: -2, Z_DATA_ERROR: -3, Z_MEM_ERROR: -4, Z_BUF_ERROR: -5, Z_VERSION_ERROR: -6,
      Z_NO_COMPRESSION: 0, Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1, Z_DEFAULT_STRATEGY: 0,
      BROTLI_OPERATION_PROCESS: 0, BROTLI_OPERATION_FLUSH: 1, BROTLI_OPERATION_FINISH: 2, BROTLI_PARAM_MODE: 0, BROTLI_PARAM_QUALITY: 1,
    }),
  });
