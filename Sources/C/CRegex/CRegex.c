#include "CRegex.h"
