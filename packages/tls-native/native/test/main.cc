// The main program of a group of tests that has none of its own. Its arguments are for the tests: see check::Arguments.
#include "check.hh"

int main(int count, char** arguments) {
  check::Arguments().assign(arguments + 1, arguments + count);
  return check::RunAll() == 0 ? 0 : 1;
}
