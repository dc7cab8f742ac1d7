enum Color { Red, Green = 'green' }
namespace Values { export const x = 1 }
import fs = require('fs');
class Point { constructor(private x: number, readonly y = <number>x) {} @log accessor z = 1 }
let sum = 1 + 2 as any * 3, or = a ?? b as T && c;
export = Point;
