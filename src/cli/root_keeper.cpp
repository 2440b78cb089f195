#include "cli/root_keeper.h"

#include <filesystem>
#include <fstream>

#include "gateway/file_witness.h"
#include "gateway/webhook_witness.h"
#include "security/signature.h"
#include "store/office_key.h"
#include "usecase/prove.h"

namespace gewu::cli {

namespace fs = std::filesystem;

namespace {

Status write_public(const std::string& path, const security::Key& seed) {
  std::ofstream file(path, std::ios::trunc);
  file << security::hex_encode(security::public_key_of(seed)) << "\n";
  if (!file.flush()) return refuse(ErrorCode::unavailable, "file.write", {{"file", path}});
  return {};
}

}  // namespace

Result<usecase::RootKeeper> open_root_keeper(OpenOffice& opened, const OfficePlace& place,
                                             const WitnessOptions& witnesses) {
  const std::string keys = OfficeFiles(place).keys;
  const std::string path = keys + "/roots.key";
  GEWU_TRY(latest, usecase::latest_root(opened.office()));
  if (!fs::exists(path)) {
    if (latest) return refuse(ErrorCode::not_found, "root.key.absent", {{"file", path}});
    GEWU_CHECK(store::create_office_key(path, opened.office().random));
  }
  GEWU_TRY(seed, store::read_office_key(path));
  if (latest && latest->statement.key != security::public_key_of(seed))
    return refuse(ErrorCode::conflict, "root.key.other", {{"file", path}});
  if (!fs::exists(keys + "/roots.pub")) GEWU_CHECK(write_public(keys + "/roots.pub", seed));
  usecase::RootKeeper keeper{std::move(seed), {}};
  for (const std::string& file : witnesses.files)
    keeper.witnesses.push_back(gateway::file_witness(file));
  for (const std::string& url : witnesses.urls) {
    GEWU_TRY(witness, gateway::webhook_witness(url));
    keeper.witnesses.push_back(std::move(witness));
  }
  return keeper;
}

}  // namespace gewu::cli
