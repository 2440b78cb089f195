# Puts the word files of three languages into TARGET (cli/words_files.h): those of the command line
# and those of the web app, so that an error says the same in both. The assembler copies the bytes.
function(gewu_words target)
  set(bytes "  .section .rodata\n")
  set(names "")
  set(rows "")
  set(inputs "")
  foreach(language zh ko en)
    set(file ${language})
    if(language STREQUAL zh)
      set(file zh-CN)
    endif()
    set(locales ${PROJECT_SOURCE_DIR}/web/src/locales)
    # The command line's own; those of every page; those that some pages load by themselves.
    set(views "")
    set(number 0)
    foreach(words ${CMAKE_CURRENT_SOURCE_DIR}/words ${locales} ${locales}/admin ${locales}/desk
                  ${locales}/files)
      math(EXPR number "${number} + 1")
      set(symbol "gewu_words_${language}_${number}")
      list(APPEND inputs ${words}/${file}.json)
      string(APPEND bytes "  .global ${symbol}, ${symbol}_end\n${symbol}:\n"
                          "  .incbin \"${words}/${file}.json\"\n${symbol}_end:\n  .byte 0\n")
      string(APPEND names "extern const char ${symbol}[], ${symbol}_end[];\n")
      string(APPEND views
             "std::string_view(${symbol}, std::size_t(${symbol}_end - ${symbol})), ")
    endforeach()
    string(APPEND rows "    case Language::${language}: return {{${views}}};\n")
  endforeach()
  set(made ${CMAKE_CURRENT_BINARY_DIR}/words)
  string(APPEND bytes "  .section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT ${made}_bytes.S CONTENT "${bytes}" @ONLY)
  file(CONFIGURE OUTPUT ${made}_files.cpp CONTENT
"#include \"cli/words_files.h\"

extern \"C\" {
${names}}

namespace gewu::cli {

WordFiles word_files(Language language) {
  switch (language) {
${rows}  }
  return {};
}

}  // namespace gewu::cli
" @ONLY)
  set_source_files_properties(${made}_bytes.S PROPERTIES LANGUAGE ASM OBJECT_DEPENDS "${inputs}")
  target_sources(${target} PRIVATE ${made}_bytes.S ${made}_files.cpp)
endfunction()
