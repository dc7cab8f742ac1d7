// Runs in Node with what the packages publish, and in Quiesce with their TypeScript: both must
// print the same.
import * as z from 'zod/mini';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseAbi, parseAbiItem, formatAbi } from 'abitype';

const show = (what, value) => console.log(what, JSON.stringify(value));
const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * 37) & 255);
for (const [name, hash] of Object.entries({ sha256, sha512, blake3, keccak_256 }))
  show(name, bytesToHex(hash(bytes)));
show('scrypt', bytesToHex(scrypt(bytes, bytes.slice(3, 19), { N: 16, r: 2, p: 1, dkLen: 24 })));

const order = z.object({
  id: z.number().check(z.positive()),
  state: z.enum(['open', 'paid']),
  items: z.array(z.union([z.string(), z.tuple([z.string(), z.number()])])),
  note: z.optional(z.string()),
});
show('zod', z.safeParse(order, { id: 7, state: 'paid', items: ['a', ['b', 2]] }));
show('zod refuses', z.safeParse(order, { id: -1, state: 'lost', items: [3] }).error.issues);

const abi = parseAbi([
  'function transfer(address to, uint256 amount) returns (bool)',
  'event Transfer(address indexed from, address indexed to, uint256 amount)',
  'struct Pair { uint256 a; bytes32[2] b; }',
  'function both(Pair pair) view returns (Pair[])',
]);
show('abitype', [abi, formatAbi(abi)]);
try {
  parseAbiItem('function broken(address');
} catch (error) {
  show('abitype refuses', [error.name, error.shortMessage ?? error.message]);
}
