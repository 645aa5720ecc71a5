#include "check.hh"

int main() { return check::RunAll() == 0 ? 0 : 1; }
