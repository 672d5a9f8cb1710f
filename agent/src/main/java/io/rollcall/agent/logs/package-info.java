/**
 * What httpd's logs tell: files followed by name through their rotation, and from them the requests that are open. Reads bytes; a
 * line that is of no interest costs a few comparisons and no object.
 */
@NullMarked
package io.rollcall.agent.logs;

import org.jspecify.annotations.NullMarked;
