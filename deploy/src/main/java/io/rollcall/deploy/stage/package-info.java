/** All of Rollcall on one machine, as the demo and the soak runs need it: agent, httpd and backends as processes of their own. */
@NullMarked
package io.rollcall.deploy.stage;

import org.jspecify.annotations.NullMarked;
