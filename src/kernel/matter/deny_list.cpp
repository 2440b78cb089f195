#include "kernel/matter/deny_list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace gewu::kernel {
namespace {

struct DeniedWord {
  std::string_view kind, word;
};

/// English words stand for whole words of a name, Chinese ones for any part of a label.
constexpr auto kDenied = std::to_array<DeniedWord>({
    {"ethnicity", "ethnicity"}, {"ethnicity", "ethnic"}, {"ethnicity", "race"},
    {"ethnicity", "nationality"}, {"ethnicity", "民族"}, {"ethnicity", "族别"},
    {"ethnicity", "种族"}, {"ethnicity", "민족"},
    {"religion", "religion"}, {"religion", "religious"}, {"religion", "faith"},
    {"religion", "宗教"}, {"religion", "信仰"}, {"religion", "信教"}, {"religion", "종교"},
    {"politics", "political_status"}, {"politics", "politics"}, {"politics", "political"},
    {"politics", "party_member"}, {"politics", "政治面貌"}, {"politics", "政治倾向"},
    {"politics", "上访人员"}, {"politics", "重点人员"}, {"politics", "정치성향"},
    {"health", "health_status"}, {"health", "health_risk"}, {"health", "disease"},
    {"health", "diagnosis"}, {"health", "infection"}, {"health", "disability"},
    {"health", "mental_health"}, {"health", "vaccination"}, {"health", "健康状况"},
    {"health", "健康码"}, {"health", "病史"}, {"health", "疾病"}, {"health", "残疾"},
    {"health", "精神障碍"}, {"health", "疫苗接种"}, {"health", "질병"},
    {"score_of_a_person", "credit_score"}, {"score_of_a_person", "risk_score"},
    {"score_of_a_person", "risk_level_of_person"}, {"score_of_a_person", "blacklist"},
    {"score_of_a_person", "信用分"}, {"score_of_a_person", "黑名单"},
    {"score_of_a_person", "风险人员"}, {"score_of_a_person", "人员等级"},
    {"biometric", "biometric"}, {"biometric", "fingerprint"}, {"biometric", "face_image"},
    {"biometric", "人脸"}, {"biometric", "指纹"}, {"biometric", "虹膜"},
    {"identity", "id_card"}, {"identity", "identity_number"}, {"identity", "passport_number"},
    {"identity", "身份证"}, {"identity", "护照号"}, {"identity", "신분증"},
    {"sexuality", "sexual_orientation"}, {"sexuality", "性取向"},
});

bool is_word_byte(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0;
}

/// `race` is denied, `trace` and `embrace` are not.
bool holds_whole_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word_byte(text[at - 1]);
    const bool ends = end == text.size() || !is_word_byte(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

std::string folded(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char byte) {
    return byte == ' ' || byte == '-' ? '_' : static_cast<char>(std::tolower(byte));
  });
  return result;
}

}  // namespace

std::optional<std::string_view> denied_kind(std::string_view name_or_label) {
  const std::string text = folded(name_or_label);
  for (const DeniedWord& denied : kDenied) {
    const bool is_latin = static_cast<unsigned char>(denied.word.front()) < 0x80;
    const bool found = is_latin ? holds_whole_word(text, denied.word)
                                : text.find(denied.word) != std::string::npos;
    if (found) return denied.kind;
  }
  return std::nullopt;
}

}  // namespace gewu::kernel
