/** Figures, and what is made of them: JSON, Markdown, SVG. */
@NullMarked
package io.rollcall.bench.report;

import org.jspecify.annotations.NullMarked;
