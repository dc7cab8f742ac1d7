;; A module for tests of the wall: every way in, out and across. It goes the way of the engine, through
;; wasm2c and wasm2c-adapt.
(module
  (type $unary (func (param i32) (result i32)))
  (import "test" "call" (func $call (param i32 i64 f64) (result i64)))
  (import "test" "tell" (func $tell (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 2 16)
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (table 6 funcref)
  ;; 0 and 5 are empty
  (elem (i32.const 1) $increment $add $call $tell_deeper)
  (data (i32.const 1024) "data of the module")

  (func $increment (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))

  ;; ---- memory ----
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "load64_far") (param i32) (result i64) (i64.load offset=67108000 (local.get 0)))
  (func (export "store64") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "store8") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))

  ;; ---- traps ----
  (func (export "unreachable") (unreachable))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "remainder") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "divide_unsigned") (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (export "truncate") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func (export "truncate_saturating") (param f64) (result i32) (i32.trunc_sat_f64_s (local.get 0)))
  (func (export "indirect") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 1) (local.get 0)))
  (func $deeper (export "recurse") (param i32) (result i32)
    ;; What is stored after the call keeps it from becoming a loop.
    (local i32)
    (i32.store (i32.const 2048) (local.get 0))
    (local.set 1 (call $deeper (i32.add (local.get 0) (i32.const 1))))
    (i32.store (i32.const 2052) (i32.add (local.get 1) (local.get 0)))
    (i32.add (local.get 1) (i32.load (i32.const 2048))))
  (func (export "loop") (loop $again (i32.store (i32.const 2048) (i32.add (i32.const 1) (i32.load (i32.const 2048)))) (br $again)))
  (func (export "spin") (loop $again (br $again)))

  ;; ---- imports ----
  (func (export "call") (param i32 i64 f64) (result i64) (call $call (local.get 0) (local.get 1) (local.get 2)))
  (func (export "tell") (param i32) (call $tell (local.get 0)))
  (func (export "tell_twice_and_add") (param i32) (result i32)
    (call $tell (local.get 0))
    (call $tell (i32.add (local.get 0) (i32.const 1)))
    (i32.add (local.get 0) (i32.const 10)))
  ;; As compiled C does: the stack pointer goes down, and up again at the end.
  (func (export "tell_with_frame") (param i32) (result i32)
    (local i32)
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 64)))
    (call $tell (local.get 0))
    (local.set 1 (global.get $__stack_pointer))
    (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 64)))
    (local.get 1))
  (func (export "stack_pointer") (result i32) (global.get $__stack_pointer))
  (func (export "lose_frame") (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 4096))))
  (func (export "write") (param i32 i32 i32 i32) (result i32)
    (call $fd_write (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "exit") (param i32) (call $proc_exit (local.get 0)))
  ;; Tells n, n-1 ... 0 from that many frames, each of which goes on afterwards.
  (func $tell_down (export "tell_down") (param i32) (result i32)
    (call $tell (local.get 0))
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (i32.add (i32.const 1) (call $tell_down (i32.sub (local.get 0) (i32.const 1)))))))

  ;; For ever deeper, through the table, so that the compiler cannot do several levels in one frame.
  (func $tell_deeper (export "tell_deeper") (type $unary)
    (call $tell (local.get 0))
    (i32.add (local.get 0)
      (call_indirect (type $unary) (i32.add (local.get 0) (i32.const 1)) (i32.const 4))))

  ;; ---- numbers ----
  (func (export "floor") (param f64) (result f64) (f64.floor (local.get 0)))
  (func (export "nearest") (param f64) (result f64) (f64.nearest (local.get 0)))
  (func (export "min") (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func (export "max") (param f64 f64) (result f64) (f64.max (local.get 0) (local.get 1)))
  (func (export "abs") (param f64) (result f64) (f64.abs (local.get 0)))
  (func (export "divide_f64") (param f64 f64) (result f64) (f64.div (local.get 0) (local.get 1)))
  (func (export "store_load_f64") (param f64) (result f64)
    (f64.store (i32.const 4096) (local.get 0)) (f64.load (i32.const 4096)))
  (func (export "rotate") (param i32 i32) (result i32) (i32.rotl (local.get 0) (local.get 1)))
  (func (export "leading_zeros") (param i64) (result i64) (i64.clz (local.get 0)))
  (func (export "shift") (param i32 i32) (result i32) (i32.shr_s (local.get 0) (local.get 1)))
)
