# wasm2c-adapt must fail, with a reason, on modules that the wall is not made for. Each case is a
# module in text form, and a piece of the message.
cmake_minimum_required(VERSION 3.25)

function(adapt result message name text)
  set(dir "${SCRATCH}/${name}")
  file(MAKE_DIRECTORY "${dir}")
  file(WRITE "${dir}/case.wat" "${text}")
  execute_process(COMMAND "${WAT2WASM}" --enable-all "${dir}/case.wat" -o "${dir}/case.wasm"
                  COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND "${WASM2C}" --enable-multi-memory -n case "${dir}/case.wasm"
                          -o "${dir}/case.c"
                  COMMAND_ERROR_IS_FATAL ANY)
  foreach(edit IN LISTS ARGN)  # "from=>to" in wasm2c's output
    string(REPLACE "=>" ";" edit "${edit}")
    list(GET edit 0 from)
    list(GET edit 1 to)
    file(READ "${dir}/case.c" source)
    string(REPLACE "${from}" "${to}" changed "${source}")
    if(changed STREQUAL source)
      message(FATAL_ERROR "${name}: '${from}' is not in the output of wasm2c")
    endif()
    file(WRITE "${dir}/case.c" "${changed}")
  endforeach()
  execute_process(COMMAND "${ADAPT}" --source "${dir}/case.c" --header "${dir}/case.h" --prefix case
                          --parts 1 --offset-limit 1000 --out "${dir}/out"
                  RESULT_VARIABLE status ERROR_VARIABLE output)
  set(${result} "${status}" PARENT_SCOPE)
  set(${message} "${output}" PARENT_SCOPE)
endfunction()

function(refuses name text reason)
  adapt(status message "${name}" "${text}" ${ARGN})
  if(status EQUAL 0)
    message(SEND_ERROR "${name}: was not refused")
  elseif(NOT message MATCHES "${reason}")
    message(SEND_ERROR "${name}: refused for another reason: ${message}")
  endif()
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
set(load "(module (memory 1) (func (export \"f\") (param i32) (result i32)
          (i32.load offset=OFFSET (local.get 0))))")
string(REPLACE OFFSET 999 near "${load}")
string(REPLACE OFFSET 1000 far "${load}")

adapt(status message near "${near}")
if(NOT status EQUAL 0)
  message(SEND_ERROR "an offset below the limit was refused: ${message}")
endif()
refuses(offset "${far}" "an offset beyond the guard pages")
refuses(address-of-another-form "${near}" "an address of another form"
        "(u64)(w2c_i0) + 999u=>(u64)(w2c_i0) * 999u")
refuses(address-without-limit "${near}" "not a number"
        "(u64)(w2c_i0) + 999u=>(u64)(w2c_i0) + w2c_i0")
refuses(pointer "${near}" "unexpected use of the instance"
        "w2c_i0 = w2c_p0=>w2c_i0 = instance")
refuses(index "${near}" "unexpected \\[" "w2c_i0 = w2c_p0=>w2c_i0 = w2c_p0[1]")
refuses(unknown-function "${near}" "a call of an unknown function"
        "w2c_i0 = w2c_p0=>w2c_i0 = abort()")
refuses(unknown-name "${near}" "unknown name" "w2c_i0 = w2c_p0=>w2c_i0 = errno")
refuses(two-results "(module (func (export \"f\") (result i32 i32)
         (i32.const 1) (i32.const 2)))" "")
refuses(passive-data "(module (memory 1) (data \"abc\")
         (func (export \"f\") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))" "")
refuses(two-memories "(module (memory 1) (memory 1))" "more than one memory")
refuses(imported-memory "(module (import \"a\" \"b\" (memory 1)))" "")
refuses(table-access "(module (table 1 funcref)
         (func (export \"f\") (table.set 0 (i32.const 0) (ref.null func))))" "")
