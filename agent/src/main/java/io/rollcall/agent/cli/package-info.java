/** The {@code rollcall} command: one picocli class per subcommand, each thin over the package that does the work. */
@NullMarked
package io.rollcall.agent.cli;

import org.jspecify.annotations.NullMarked;
