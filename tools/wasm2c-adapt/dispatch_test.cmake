# The jump of an interpreter's loop: by the operation's byte where the table of operations is
# constant, otherwise by what stands in the table when it runs; and in the engine itself, by byte.
cmake_minimum_required(VERSION 3.25)

set(last 29)
set(entries "")
foreach(byte RANGE 255)
  math(EXPR target "${byte} % (${last} + 3)" OUTPUT_FORMAT HEXADECIMAL)
  string(REGEX REPLACE "^0x(.)$" "0x0\\1" target "${target}")
  string(REPLACE "0x" "\\" target "${target}")
  string(APPEND entries "${target}\\00\\00\\00")
endforeach()
set(labels "")
set(blocks "")
set(operations "")
foreach(i RANGE ${last})
  string(APPEND labels " ${i}")
  string(APPEND blocks " (block")
  string(APPEND operations ") (local.set 0 (i32.add (local.get 0) (i32.const ${i}))) (br $next)\n")
endforeach()
set(module "(module (memory 1) (data SEGMENT (i32.const 2048) \"${entries}\")
  (func (export \"run\") (param i32) (loop $next (block $end ${blocks}
    (br_table ${labels} $end (i32.load offset=2048
      (i32.shl (i32.load8_u (local.get 0)) (i32.const 2))))
  ${operations} ))))")

file(REMOVE_RECURSE "${SCRATCH}")
function(expect segment jump)
  set(dir "${SCRATCH}/${segment}")
  file(MAKE_DIRECTORY "${dir}")
  string(REPLACE SEGMENT "$.${segment}" text "${module}")
  file(WRITE "${dir}/case.wat" "${text}")
  set(limits --offset-limit 9999 --out out)
  foreach(command "${WAT2WASM};--debug-names;case.wat;-o;case.wasm"
                  "${WASM2C};-n;case;case.wasm;-o;case.c"
                  "${ADAPT};--source;case.c;--header;case.h;--prefix;case;--parts;1;${limits}")
    execute_process(COMMAND ${command} WORKING_DIRECTORY "${dir}" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  file(READ "${dir}/out/case_0.c" made)
  string(FIND "${made}" "${jump}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "${segment}: there is no '${jump}'")
  endif()
endfunction()

expect(rodata "goto *qw_targets[qw_operation];")
expect(data ">=30u)){goto ")

file(STRINGS "${ENGINE}" jumps REGEX "^goto \\*qw_targets\\[qw_operation\\];$")
list(LENGTH jumps count)
if(count LESS 200)
  message(SEND_ERROR "the interpreter has ${count} jumps by byte")
endif()
