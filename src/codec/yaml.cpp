#include "codec/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace gewu::codec {

namespace {

using kernel::Node;
using kernel::NodeKind;
using kernel::Origin;

constexpr std::size_t kKeyBytesMax = 256;

/// Collects the faults of one file; the first becomes the error, the rest its `others`.
class Faults {
 public:
  explicit Faults(std::shared_ptr<const std::string> file) : file_(std::move(file)) {}

  void add(std::string_view aspect, int line, std::vector<ErrorDetail> more = {}) {
    constexpr std::size_t kShownMax = 100;
    if (all_.size() >= kShownMax) return;
    std::vector<ErrorDetail> details{{"file", *file_}, {"line", std::to_string(line)}};
    std::ranges::move(more, std::back_inserter(details));
    all_.push_back(
        {ErrorCode::invalid, "definition.yaml." + std::string(aspect), std::move(details), {}});
  }

  bool any() const { return !all_.empty(); }

  std::unexpected<Error> refusal() {
    Error first = std::move(all_.front());
    first.others.assign(std::make_move_iterator(all_.begin() + 1),
                        std::make_move_iterator(all_.end()));
    return std::unexpected(std::move(first));
  }

 private:
  std::shared_ptr<const std::string> file_;
  std::vector<Error> all_;
};

/// Thrown out of the parser when the fault is already told: yaml-cpp cannot be stopped otherwise.
struct Stopped {};

/// Whether the brackets ( ) outside '…' pair up.
bool pairs_up(std::string_view text) {
  int open = 0;
  bool in_quotes = false;
  for (const char c : text) {
    if (c == '\'') in_quotes = !in_quotes;
    if (in_quotes) continue;
    if (c == '(') ++open;
    if (c == ')' && --open < 0) return false;
  }
  return open == 0 || in_quotes;
}

/// yaml-cpp's events in, nodes out. Not YAML::Load: that keeps the last of two equal keys.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view source, std::shared_ptr<const std::string> file,
              std::size_t depth_max, Faults& faults)
      : source_(source), file_(std::move(file)), depth_max_(depth_max), faults_(faults) {}

  /// yaml-cpp takes whatever follows a finished document as the next one, and at a token that
  /// it cannot use gives empty documents without end.
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(has_document_, true) && !starts_document(mark)) stop("document", mark);
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_properties(mark, anchor, "?");
    for (const std::string_view word : {"~", "Null", "NULL"})
      if (stands_at(mark, word)) faults_.add("null", mark.line + 1);
    Node node;
    node.origin = origin(mark);
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    faults_.add("anchor", mark.line + 1);
    add(Node::scalar("*", false, origin(mark)));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const bool quoted = tag == "!" && !stands_at(mark, '!');
    check_properties(mark, anchor, quoted ? "?" : tag);
    const bool in_flow = !frames_.empty() && frames_.back().in_flow;
    if (!quoted && in_flow && !pairs_up(text))
      faults_.add("cut", mark.line + 1, {{"text", text.substr(0, kKeyBytesMax)}});
    // yaml-cpp takes a lone sign for a text where YAML does not
    if (!quoted && (text == "-" || text == "?" || text == ":"))
      faults_.add("syntax", mark.line + 1, {{"reason", text}});
    // a plain text of several paragraphs can only be a text, and is written as one
    const bool has_paragraphs = text.find('\n') != std::string::npos;
    add(Node::scalar(text, quoted || has_paragraphs, origin(mark)));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(NodeKind::list, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(NodeKind::map, mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

  std::vector<Node> take() { return std::move(documents_); }

 private:
  struct Frame {
    Node node;
    bool in_flow = false;
    bool has_key = false;  ///< a key was read, its value is awaited
    bool drops = false;    ///< the key was at fault: its value is read and left out
    kernel::NodeEntry entry;
    std::unordered_map<std::string, int> key_lines;
  };

  Origin origin(const YAML::Mark& mark) const { return {file_, mark.line + 1}; }

  [[noreturn]] void stop(std::string_view aspect, const YAML::Mark& mark) {
    faults_.add(aspect, mark.line + 1);
    throw Stopped{};
  }

  bool starts_document(const YAML::Mark& mark) const {
    const auto at = static_cast<std::size_t>(mark.pos);
    return mark.column == 0 && at <= source_.size() && source_.substr(at).starts_with("---");
  }

  bool stands_at(const YAML::Mark& mark, char c) const {
    const auto at = static_cast<std::size_t>(mark.pos);
    return at < source_.size() && source_[at] == c;
  }

  bool stands_at(const YAML::Mark& mark, std::string_view word) const {
    const auto at = static_cast<std::size_t>(mark.pos);
    if (at > source_.size() || !source_.substr(at).starts_with(word)) return false;
    const std::string_view rest = source_.substr(at + word.size());
    return rest.empty() || std::string_view(" \n,]}:").find(rest[0]) != std::string_view::npos;
  }

  void check_properties(const YAML::Mark& mark, YAML::anchor_t anchor, std::string_view tag) {
    if (anchor != 0) faults_.add("anchor", mark.line + 1);
    if (tag != "?") faults_.add("tag", mark.line + 1);
  }

  void open(NodeKind kind, const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    check_properties(mark, anchor, tag);
    if (frames_.size() >= depth_max_) stop("depth", mark);
    Frame frame;
    frame.node.kind = kind;
    frame.node.origin = origin(mark);
    frame.in_flow = style == YAML::EmitterStyle::Flow;
    frames_.push_back(std::move(frame));
  }

  void close() {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (frames_.empty()) {
      if (node.is_scalar()) faults_.add("document", node.origin.line);
      else if (!node.is_null()) documents_.push_back(std::move(node));
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.is_list()) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      begin_entry(frame, std::move(node));
    } else {
      frame.has_key = false;
      frame.entry.value = std::move(node);
      if (!frame.drops) frame.node.entries.push_back(std::move(frame.entry));
    }
  }

  void begin_entry(Frame& frame, Node key) {
    const int line = key.origin.line;
    frame.has_key = true;
    frame.drops = true;
    if (!key.is_scalar() || key.text.empty() || key.text.size() > kKeyBytesMax) {
      faults_.add("key", line);
    } else if (key.text == "<<" && !key.quoted) {
      faults_.add("merge", line);
    } else if (const auto [first, is_new] = frame.key_lines.emplace(key.text, line); !is_new) {
      faults_.add("duplicate_key", line,
                  {{"key", key.text}, {"first_line", std::to_string(first->second)}});
    } else {
      frame.drops = false;
      frame.entry = {std::move(key.text), std::move(key.origin), {}};
    }
  }

  std::string_view source_;
  std::shared_ptr<const std::string> file_;
  std::size_t depth_max_;
  Faults& faults_;
  bool has_document_ = false;
  std::vector<Frame> frames_;
  std::vector<Node> documents_;
};

/// What yaml-cpp would take or mistake: checked on the bytes, line by line.
void check_bytes(std::string_view source, Faults& faults) {
  int number = 1;
  for (const std::string_view line : split(source, '\n')) {
    if (!is_utf8(line)) faults.add("encoding", number);
    if (line.find("\xEF\xBB\xBF") != std::string_view::npos) faults.add("encoding", number);
    if (line.starts_with('%')) faults.add("directive", number);
    if (line.find('\t') != std::string_view::npos) faults.add("tab", number);
    const bool has_control = std::ranges::any_of(line, [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
    if (has_control) faults.add("control", number);
    ++number;
  }
}

std::string with_plain_line_ends(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] != '\r' || i + 1 == bytes.size() || bytes[i + 1] != '\n') text += bytes[i];
  return text;
}

void read_documents(const std::string& source, TreeBuilder& builder, Faults& faults) {
  try {
    std::istringstream stream(source);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const Stopped&) {
    return;
  } catch (const YAML::Exception& fault) {
    faults.add("syntax", fault.mark.line + 1,
               {{"column", std::to_string(fault.mark.column + 1)}, {"reason", fault.msg}});
  }
}

}  // namespace

Result<std::vector<Node>> read_yaml(std::string_view bytes, std::string_view file,
                                    const Limits& limits) {
  const auto name = std::make_shared<const std::string>(file);
  if (bytes.size() > limits.definition_bytes_max)
    return refuse(ErrorCode::too_large, "definition.yaml.too_large",
                  {{"file", *name}, {"max", std::to_string(limits.definition_bytes_max)}});
  const std::string source = with_plain_line_ends(bytes);
  Faults faults(name);
  check_bytes(source, faults);
  if (faults.any()) return faults.refusal();
  TreeBuilder builder(source, name, limits.definition_depth_max, faults);
  read_documents(source, builder, faults);
  if (faults.any()) return faults.refusal();
  return builder.take();
}

}  // namespace gewu::codec
