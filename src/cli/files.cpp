#include "cli/files.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "codec/yaml.h"

namespace gewu::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTableBytesMax = 64 * 1024 * 1024;

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (at->is_regular_file()) paths.push_back(at->path());
  std::ranges::sort(paths);
  return paths;
}

void read_definition(const fs::path& path, const fs::path& root, DefinitionFolder& into) {
  const std::string name = fs::relative(path, root).generic_string();
  const auto bytes = read_file(path.string(), kLimits.definition_bytes_max);
  if (!bytes) {
    into.errors.push_back(bytes.error());
    return;
  }
  auto documents = codec::read_yaml(*bytes, name);
  if (!documents) {
    into.errors.push_back(documents.error());
    return;
  }
  for (kernel::Node& document : *documents) into.files.push_back({name, std::move(document)});
}

Status read_table(const fs::path& path, std::string& into) {
  if (!fs::exists(path)) return {};
  GEWU_TRY(bytes, read_file(path.string(), kTableBytesMax));
  into = std::move(bytes);
  return {};
}

Status read_tables(const fs::path& folder, DefinitionFolder& into) {
  usecase::LocalityTables tables;
  tables.name = folder.filename().string();
  std::string grids;
  GEWU_CHECK(read_table(folder / "grids.geojson", grids));
  for (const char* file : {"territory.csv", "territory_grids.csv"}) {
    std::string table;
    GEWU_CHECK(read_table(folder / file, table));
    if (table.empty()) continue;
    const bool has_grids = std::string_view(file) == "territory_grids.csv";
    tables.territory_csv.push_back(std::move(table));
    tables.grids_geojson.push_back(has_grids ? grids : std::string());
  }
  GEWU_CHECK(read_table(folder / "organisations.csv", tables.organisations_csv));
  GEWU_CHECK(read_table(folder / "posts.csv", tables.posts_csv));
  if (!tables.territory_csv.empty() || !tables.organisations_csv.empty())
    into.tables.push_back(std::move(tables));
  return {};
}

}  // namespace

std::unexpected<Error> absent(const std::string& path) {
  return refuse(ErrorCode::not_found, "file.absent", {{"file", path}});
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return absent(path);
  const auto size = static_cast<std::size_t>(file.tellg());
  if (size > bytes_max)
    return refuse(ErrorCode::too_large, "file.too_large",
                  {{"file", path}, {"max", std::to_string(bytes_max)}});
  std::string bytes(size, '\0');
  file.seekg(0);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return absent(path);
  return bytes;
}

Result<std::string> read_packed_file(const std::string& path, std::size_t bytes_max) {
  if (!path.ends_with(".gz")) return read_file(path, bytes_max);
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return absent(path);
  std::string bytes;
  std::vector<char> block(1 << 16);
  for (;;) {
    const int got = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    // What was cut off reads to its end like what is whole: only the state tells.
    int state = Z_OK;
    if (got == 0) gzerror(file.get(), &state);
    if (got < 0 || state != Z_OK)
      return refuse(ErrorCode::invalid, "file.packed", {{"file", path}});
    if (got == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(got));
    if (bytes.size() > bytes_max)
      return refuse(ErrorCode::too_large, "file.too_large",
                    {{"file", path}, {"max", std::to_string(bytes_max)}});
  }
}

Status write_file(const std::string& path, std::string_view bytes) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(part, path, error);
  if (!file || error)
    return refuse(ErrorCode::unavailable, "file.write", {{"file", path}});
  return {};
}

Result<DefinitionFolder> read_definitions(const std::string& folder) {
  const fs::path root(folder);
  if (!fs::is_directory(root / "systems") && !fs::is_directory(root / "localities"))
    return absent((root / "systems").string());
  DefinitionFolder read;
  for (const char* part : {"systems", "localities", "tests/localities"})
    for (const fs::path& path : files_below(root / part)) {
      const std::string extension = path.extension().string();
      if (extension == ".yaml") read_definition(path, root, read);
      if (extension != ".scenario") continue;
      GEWU_TRY(text, read_file(path.string(), kLimits.definition_bytes_max));
      read.scenarios.push_back({fs::relative(path, root).generic_string(), std::move(text)});
    }
  std::vector<fs::path> places;
  for (const char* part : {"localities", "tests/localities"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(root / part, error))
      if (entry.is_directory()) places.push_back(entry.path());
  }
  std::ranges::sort(places);
  for (const fs::path& place : places) GEWU_CHECK(read_tables(place, read));
  usecase::order_tables(read.tables, read.files);
  return read;
}

Result<std::map<std::string, std::string>> read_documents(const std::string& folder) {
  std::map<std::string, std::string> documents;
  for (const fs::path& path : files_below(folder)) {
    if (path.extension() != ".txt") continue;
    GEWU_TRY(text, read_file(path.string(), kTableBytesMax));
    documents[path.filename().string()] = std::move(text);
  }
  if (documents.empty()) return absent(folder);
  return documents;
}

}  // namespace gewu::cli
