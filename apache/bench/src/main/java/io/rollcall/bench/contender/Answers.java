package io.rollcall.bench.contender;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** What ZooKeeper says to much that is written at once: nobody waits for each answer, but so many at most are outstanding. */
final class Answers
        implements AsyncCallback.StringCallback,
                AsyncCallback.StatCallback,
                AsyncCallback.VoidCallback,
                AsyncCallback.MultiCallback {
    private static final int MOST = 1000;

    private final Semaphore room = new Semaphore(MOST);
    private final AtomicInteger failures = new AtomicInteger();

    /** To be called before each question; waits if there are too many. */
    void expect() throws IOException, InterruptedException {
        room.acquire();
        check();
    }

    /** Waits for all of them. */
    void await() throws IOException, InterruptedException {
        room.acquire(MOST);
        room.release(MOST);
        check();
    }

    private void check() throws IOException {
        if (failures.get() > 0) {
            throw new IOException(failures.get() + " changes of the registry failed");
        }
    }

    private void answered(int code) {
        if (code != Code.OK.intValue()) {
            failures.incrementAndGet();
        }
        room.release();
    }

    @Override
    public void processResult(int code, String path, @Nullable Object context, @Nullable String name) {
        answered(code);
    }

    @Override
    public void processResult(int code, String path, @Nullable Object context, @Nullable Stat stat) {
        answered(code);
    }

    @Override
    public void processResult(int code, String path, @Nullable Object context) {
        answered(code);
    }

    @Override
    public void processResult(int code, String path, @Nullable Object context, @Nullable List<OpResult> results) {
        answered(code);
    }
}
