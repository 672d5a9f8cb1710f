package io.rollcall.registrar;

import java.util.Map;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;

/** Real ZooKeeper servers in which sessions end after one second, if asked to, and data survives a restart. */
final class Servers {
    private static final int TICK_MILLIS = 500;

    private Servers() {}

    static InstanceSpec spec() {
        return new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MILLIS, 0, Map.of(), "127.0.0.1");
    }

    static TestingServer started() throws Exception {
        return new TestingServer(spec(), true);
    }

    static TestingServer stopped() throws Exception {
        return new TestingServer(spec(), false);
    }
}
