package io.rollcall.agent.logs;

import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.drain.RequestEvidence.Watch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One backend that was taken out of the maps, and who may still have got it. */
final class BackendWatch implements Watch {
    private final LogPass pass;
    private final String service;
    private final String backend;

    /** Those that may have the old answer, with the number of their question. */
    private final Map<OpenRequests.Request, Long> undecided;

    /** To be made right after a pass that began after the backend was taken out. */
    BackendWatch(LogPass pass, String service, String backend) {
        this.pass = pass;
        this.service = service;
        this.backend = backend;
        this.undecided = pass.requests().undecided();
    }

    @Override
    public Reading read() {
        synchronized (pass) {
            pass.runNow();
            Optional<String> incomplete = pass.incomplete();
            if (incomplete.isPresent()) {
                return new Reading.Incomplete(incomplete.get());
            }
            undecided.entrySet().removeIf(asked -> !pass.requests().isStill(asked.getKey(), asked.getValue()));
            List<OpenRequests.Request> there = pass.requests().at(service, backend);
            if (there.isEmpty() && undecided.isEmpty()) {
                return new Reading.None();
            }
            return new Reading.Open(there.size() + undecided.size(), detail(there));
        }
    }

    private String detail(List<OpenRequests.Request> there) {
        StringBuilder text = new StringBuilder();
        if (!there.isEmpty()) {
            long now = pass.nanos();
            long oldest = there.stream()
                    .mapToLong(request -> now - request.sinceNanos)
                    .max()
                    .getAsLong();
            text.append(there.size())
                    .append(" at it, the oldest for ")
                    .append(oldest / 1_000_000_000)
                    .append(" s");
        }
        if (!undecided.isEmpty()) {
            text.append(text.isEmpty() ? "" : ", ").append(undecided.size()).append(" that may still get there");
        }
        return text.toString();
    }

    @Override
    public void close() {
        undecided.clear();
    }
}
