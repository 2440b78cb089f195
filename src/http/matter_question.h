#pragma once

#include "http/door.h"
#include "usecase/find_matters.h"

namespace gewu::http {

/// The list that the parameters of a request ask for (openapi, list_matters).
Result<usecase::MatterQuestion> read_question(Visit& visit);

}  // namespace gewu::http
