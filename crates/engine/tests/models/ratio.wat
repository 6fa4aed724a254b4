;; Scores a row by its first column divided by its second, both numbers; none where either is missing.
(module
  (memory (export "memory") 1)
  (global $free (mut i32) (i32.const 1024))

  (func (export "alloc") (param $bytes i32) (result i32)
    (local $start i32)
    (local.set $start (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $start) (local.get $bytes)))
    (if (i32.gt_u (global.get $free) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.add (i32.div_u (local.get $bytes) (i32.const 65536)) (i32.const 1))))))
    (local.get $start))

  ;; Whether bit `row` of the marks at `marks` is set.
  (func $marked (param $marks i32) (param $row i32) (result i32)
    (i32.and
      (i32.shr_u
        (i32.load8_u (i32.add (local.get $marks) (i32.shr_u (local.get $row) (i32.const 3))))
        (i32.and (local.get $row) (i32.const 7)))
      (i32.const 1)))

  ;; The value in row `row` of the column whose entry in the head is at `entry`.
  (func $value (param $entry i32) (param $row i32) (result f64)
    (local $at i32)
    (local.set $at (i32.add (i32.load (local.get $entry)) (i32.shl (local.get $row) (i32.const 3))))
    (if (result f64) (i32.eq (i32.load offset=8 (local.get $entry)) (i32.const 1))
      (then (f64.convert_i64_s (i64.load (local.get $at))))
      (else (f64.load (local.get $at)))))

  (func (export "score")
    (param $frame i32) (param $columns i32) (param $rows i32) (param $scores i32) (param $present i32) (result i32)
    (local $row i32) (local $mark i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
        (if (i32.and
              (call $marked (i32.load offset=4 (local.get $frame)) (local.get $row))
              (call $marked (i32.load offset=20 (local.get $frame)) (local.get $row)))
          (then
            (f64.store
              (i32.add (local.get $scores) (i32.shl (local.get $row) (i32.const 3)))
              (f64.div
                (call $value (local.get $frame) (local.get $row))
                (call $value (i32.add (local.get $frame) (i32.const 16)) (local.get $row))))
            (local.set $mark (i32.add (local.get $present) (i32.shr_u (local.get $row) (i32.const 3))))
            (i32.store8 (local.get $mark)
              (i32.or
                (i32.load8_u (local.get $mark))
                (i32.shl (i32.const 1) (i32.and (local.get $row) (i32.const 7)))))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $next)))
    (i32.const 0)))
