/* Answers every line with its one argument, or with the constant that it was compiled with. */
#include <string.h>
#include <unistd.h>

int main(void) {
    static const char answer[] = BACKEND "\n";
    char line[4096];
    ssize_t n;
    while ((n = read(0, line, sizeof line)) > 0)
        if (memchr(line, '\n', n) && write(1, answer, sizeof answer - 1) < 0)
            return 1;
    return 0;
}
