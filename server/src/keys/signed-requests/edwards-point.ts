/** Arithmetic on edwards25519 (RFC 8032 §5.1), for public values only: its time tells on them. */
const p = 2n ** 255n - 19n;
/** The order of the group that signatures live in. */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value: bigint) => ((value % p) + p) % p;

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const invert = (value: bigint) => power(value, p - 2n);
const d = mod(-121665n * invert(121666n));
const rootOfMinusOne = power(2n, (p - 1n) / 4n);

/** Extended coordinates: x = X/Z, y = Y/Z, T = XY/Z. */
type Point = readonly [X: bigint, Y: bigint, Z: bigint, T: bigint];
const identity: Point = [0n, 1n, 1n, 0n];
const isIdentity = ([X, Y, Z]: Point) => mod(X) === 0n && mod(Y - Z) === 0n;

/**
 * Whether 32 bytes are a public key of Ed25519 that only its holder can sign for: a point (RFC 8032
 * §5.1.3) of the large prime order. OpenSSL takes any 32 bytes, and under a point of small order
 * anybody's signature may verify. That refuses encodings that are not canonical as well: those are
 * of points with y < 19 or x = 0, and none of them is of that order.
 */
export function isSoundPublicKey(bytes: Uint8Array): boolean {
  const point = decode(bytes);
  return point !== undefined && !isIdentity(point) && isIdentity(multiply(point, order));
}

function decode(bytes: Uint8Array): Point | undefined {
  if (bytes.length !== 32) return undefined;
  const number = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const y = number & (2n ** 255n - 1n);
  const sign = number >> 255n;
  const square = mod((y * y - 1n) * invert(d * y * y + 1n));
  let x = power(square, (p + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * rootOfMinusOne);
  if (mod(x * x) !== square) return undefined;
  if ((x & 1n) !== sign) x = p - x;
  return [x, y, 1n, mod(x * y)];
}

/** RFC 8032 §5.1.4; complete, so that doubling needs no formula of its own. */
function add([X1, Y1, Z1, T1]: Point, [X2, Y2, Z2, T2]: Point): Point {
  const A = mod((Y1 - X1) * (Y2 - X2));
  const B = mod((Y1 + X1) * (Y2 + X2));
  const C = mod(2n * T1 * d * T2);
  const D = mod(2n * Z1 * Z2);
  const [E, F, G, H] = [B - A, D - C, D + C, B + A];
  return [mod(E * F), mod(G * H), mod(F * G), mod(E * H)];
}

function multiply(point: Point, times: bigint): Point {
  let [result, doubled] = [identity, point];
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, doubled);
    doubled = add(doubled, doubled);
  }
  return result;
}
