// node:process, ticks and exit.
import process, { argv, env, nextTick } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
const show = (...args) => console.log(...args);
const thrown = (f) => {
  try {
    show('no error', f());
  } catch (error) {
    show(error.name, error.code, error.message);
  }
};
show(
  argv.slice(2),
  argv.length,
  env.GREETING,
  env.NOTHING,
  'GREETING' in env,
  Object.keys(env).includes('GREETING'),
);
env.NEW = 5;
show(env.NEW, typeof env.NEW, delete env.NEW, env.NEW);
env.U = undefined;
show(env.U);
thrown(() => {
  env.S = Symbol('x');
});
show(
  process.platform,
  typeof process.version,
  process.version.startsWith('v22'),
  typeof process.versions.node,
  process.release.name,
  typeof process.pid,
  process.title.length > 0,
  process.exitCode,
);
show(
  Object.prototype.toString.call(process),
  process instanceof (await import('node:events')).default,
  typeof process.cwd(),
  process.cwd()[0],
);
show(
  process.hrtime().length,
  typeof process.hrtime.bigint(),
  process.hrtime([0, 0])[0] >= 0,
  process.uptime() >= 0,
  Object.keys(process.memoryUsage()).join(),
  typeof process.memoryUsage.rss(),
);
thrown(() => process.hrtime(5));
thrown(() => process.nextTick(5));
thrown(() => process.exit('x'));
thrown(() => {
  process.exitCode = 1.5;
});
process.stdout.write('no newline');
process.stdout.write('\n');
process.stdout.write(Buffer.from('bytes\n'));
show(process.stdout.fd, process.stderr.fd);
const order = [];
const p = new Promise((resolve) =>
  setTimeout(() => {
    setImmediate(() => order.push('immediate'));
    Promise.resolve()
      .then(() => {
        order.push('then 1');
        nextTick(() => order.push('tick in then'));
      })
      .then(() => order.push('then 2'));
    nextTick(
      (a, b) => {
        order.push(`tick 1 ${a} ${b}`);
        nextTick(() => order.push('tick in tick'));
        Promise.resolve().then(() => order.push('then in tick'));
      },
      'x',
      'y',
    );
    nextTick(() => order.push('tick 2'));
    queueMicrotask(() => order.push('microtask'));
    order.push('sync');
    setTimeout(resolve, 20);
  }, 1),
);
await p;
show(order.join(' | '));
order.length = 0;
Promise.resolve().then(() => order.push('then'));
nextTick(() => order.push('tick'));
await wait(1);
show(order.join(' | '));
process.removeAllListeners('warning');
process.on('warning', (w) => show('warning', w.name, w.message, w.code, w.detail));
process.emitWarning('careful');
process.emitWarning('coded', { type: 'Custom', code: 'C1', detail: 'd' });
process.emitWarning(new Error('as error'));
thrown(() => process.emitWarning(5));
await wait(1);
process.once('uncaughtException', (error, origin) => show('uncaught', error.message, origin));
setTimeout(() => {
  throw new Error('nobody catches');
}, 1);
await wait(5);
show(
  process.getBuiltinModule('node:path').sep,
  process.getBuiltinModule('nope'),
  process.features.inspector !== undefined,
  process.umask().toString(8),
);
process.on('beforeExit', (code) => {
  show('beforeExit', code);
  process.removeAllListeners('beforeExit');
  setTimeout(() => show('more work'), 1);
});
process.on('exit', (code) => {
  show('exit', code, process.exitCode);
});
process.exitCode = 3;
