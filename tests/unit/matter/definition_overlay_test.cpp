#include "definition_fixture.h"
