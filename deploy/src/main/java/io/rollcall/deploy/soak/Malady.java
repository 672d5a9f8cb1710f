package io.rollcall.deploy.soak;

import io.rollcall.apache.Answer;
import io.rollcall.deploy.soak.SickRoom.Course;
import io.rollcall.deploy.soak.SickRoom.Illness;
import io.rollcall.deploy.stage.BackendProcess;
import io.rollcall.deploy.stage.Namespace;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a backend can suffer from while it stays registered. */
enum Malady {
    /** The process hangs; the kernel goes on accepting connections for it. */
    STOPPED("stopped") {
        @Override
        Course befall(SickRoom room, Duration time) throws Exception {
            return stopped(room, time);
        }
    },
    /** Packets reach it, and its own go nowhere. */
    BLACK_HOLE("black hole") {
        @Override
        Course befall(SickRoom room, Duration time) throws Exception {
            return blackHole(room, time, false);
        }
    },
    /** The same where httpd knows it as a declared worker, and keeps connections to it. */
    DECLARED_BLACK_HOLE("black hole") {
        @Override
        Course befall(SickRoom room, Duration time) throws Exception {
            return blackHole(room, time, true);
        }
    },
    /** Every second answer is a 503, at once. */
    ERRORS("errors") {
        @Override
        Course befall(SickRoom room, Duration time) throws Exception {
            return errors(room, time);
        }
    },
    /** It takes connections, reads the request and resets them. */
    RESETS("resets") {
        @Override
        Course befall(SickRoom room, Duration time) throws Exception {
            return resets(room, time);
        }
    };

    private static final String ID = "sick";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String word;

    Malady(String word) {
        this.word = word;
    }

    /** For figures. */
    String word() {
        return word;
    }

    /** A third backend in the room suffers from it for a while. */
    abstract Course befall(SickRoom room, Duration time) throws Exception;

    private static Course stopped(SickRoom room, Duration time) throws Exception {
        BackendProcess process = room.stage().startUnregistered(Optional.empty(), SickRoom.SHOP, ID, LOOPBACK);
        room.enroll(ID, LOOPBACK, process.port());
        return room.suffer(
                process.address(),
                ID,
                new Illness() {
                    @Override
                    public void begin() throws IOException {
                        process.signal("STOP");
                    }

                    @Override
                    public void end() throws IOException {
                        process.signal("CONT");
                    }
                },
                time,
                PATIENCE);
    }

    private static Course blackHole(SickRoom room, Duration time, boolean declared) throws Exception {
        Namespace there = Namespace.of("front1");
        BackendProcess process = room.stage().startUnregistered(Optional.of(there), SickRoom.SHOP, ID, "10.3.1.2");
        room.enroll(ID, "10.3.1.2", process.port());
        if (declared) {
            room.httpd().gracefulRestart();
        }
        return room.suffer(
                process.address(),
                ID,
                new Illness() {
                    @Override
                    public void begin() throws IOException {
                        there.ip("route", "add", "blackhole", "10.3.1.1/32");
                    }

                    @Override
                    public void end() throws IOException {
                        there.ip("route", "del", "blackhole", "10.3.1.1/32");
                    }
                },
                time,
                PATIENCE);
    }

    private static Course errors(SickRoom room, Duration time) throws Exception {
        Enrolled backend = room.enroll(SickRoom.SHOP, ID);
        AtomicInteger turn = new AtomicInteger();
        AtomicInteger ill = new AtomicInteger();
        backend.backend()
                .answers(request -> ill.get() == 1 && turn.incrementAndGet() % 2 == 0
                        ? Answer.text(503, "no\n")
                        : Answer.text(200, "yes\n"));
        return room.suffer(
                backend.address(),
                ID,
                new Illness() {
                    @Override
                    public void begin() {
                        backend.backend().delay(Duration.ZERO);
                        ill.set(1);
                    }

                    @Override
                    public void end() {
                        ill.set(0);
                    }
                },
                time,
                PATIENCE);
    }

    private static Course resets(SickRoom room, Duration time) throws Exception {
        Enrolled backend = room.enroll(SickRoom.SHOP, ID);
        return room.suffer(
                backend.address(),
                ID,
                new Illness() {
                    @Override
                    public void begin() {
                        backend.backend().resets(true);
                    }

                    @Override
                    public void end() {
                        backend.backend().resets(false);
                    }
                },
                time,
                PATIENCE);
    }
}
