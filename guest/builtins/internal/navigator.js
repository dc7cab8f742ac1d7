'use strict';
class Navigator {
  get hardwareConcurrency() {
    return 1;
  }
  get language() {
    return 'en-US';
  }
  get languages() {
    return ['en-US'];
  }
  get platform() {
    return 'linux';
  }
  get userAgent() {
    return 'Node.js/22';
  }
}
Object.defineProperty(Navigator.prototype, Symbol.toStringTag, {
  value: 'Navigator',
  configurable: true,
});
module.exports = { navigator: new Navigator() };
