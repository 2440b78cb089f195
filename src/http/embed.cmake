# gewu_embed(TARGET FOLDER): puts the files of the built web app into TARGET, with a table of them
# (http/pages.h). The assembler copies the bytes: no compiler has to read megabytes of text.
function(gewu_embed target folder)
  file(GLOB_RECURSE files RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/*)
  if(NOT "index.html" IN_LIST files)
    message(FATAL_ERROR "no pages in ${folder}: build them (cd web && npm ci && npm run build) or "
                        "configure with -DGEWU_WEB=OFF")
  endif()
  list(SORT files COMPARE STRING)
  set(bytes "  .section .rodata\n")
  set(names "")
  set(rows "")
  set(inputs "")
  set(number 0)
  foreach(file IN LISTS files)
    if(file MATCHES "\\.(gz|br|map)$")
      continue()
    endif()
    set(parts "${file}")
    if("${file}.gz" IN_LIST files)
      list(APPEND parts "${file}.gz")
    endif()
    set(views "")
    foreach(part IN LISTS parts)
      set(symbol "gewu_page_${number}")
      math(EXPR number "${number} + 1")
      string(APPEND bytes "  .global ${symbol}, ${symbol}_end\n${symbol}:\n"
                          "  .incbin \"${folder}/${part}\"\n${symbol}_end:\n  .byte 0\n")
      string(APPEND names "extern const char ${symbol}[], ${symbol}_end[];\n")
      string(APPEND views " {${symbol}, std::size_t(${symbol}_end - ${symbol})},")
      list(APPEND inputs "${folder}/${part}")
    endforeach()
    if(NOT "${file}.gz" IN_LIST files)
      string(APPEND views " {},")
    endif()
    # A change of content without a change of name must be noticed too.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/${file}")
    file(SHA256 "${folder}/${file}" tag)
    string(SUBSTRING ${tag} 0 16 tag)
    string(APPEND rows "      {\"${file}\",${views} \"${tag}\"},\n")
  endforeach()
  set(made ${CMAKE_CURRENT_BINARY_DIR}/pages)
  string(APPEND bytes "  .section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT ${made}_bytes.S CONTENT "${bytes}" @ONLY)
  file(CONFIGURE OUTPUT ${made}_table.cpp CONTENT
"#include \"http/pages.h\"

extern \"C\" {
${names}}

namespace gewu::http {

std::span<const Page> pages() {
  static const Page kPages[] = {
${rows}  };
  return kPages;
}

}  // namespace gewu::http
" @ONLY)
  set_source_files_properties(${made}_bytes.S PROPERTIES LANGUAGE ASM OBJECT_DEPENDS "${inputs}")
  target_sources(${target} PRIVATE ${made}_bytes.S ${made}_table.cpp)
endfunction()
