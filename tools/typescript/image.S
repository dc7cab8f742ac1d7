// The image for strip_types as data of the library; without QUIESCE_TYPESCRIPT_IMAGE, none.
    .section .rodata
    .balign 16
    .globl quiesce_typescript_image
    .hidden quiesce_typescript_image
quiesce_typescript_image:
#ifdef QUIESCE_TYPESCRIPT_IMAGE
    .incbin QUIESCE_TYPESCRIPT_IMAGE
#endif
1:
    .balign 8
    .globl quiesce_typescript_image_bytes
    .hidden quiesce_typescript_image_bytes
quiesce_typescript_image_bytes:
    .quad 1b - quiesce_typescript_image

    .section .note.GNU-stack,"",%progbits
