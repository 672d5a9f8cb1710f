package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Front;
import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.RequestLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the access logs of all front ends got since a moment. */
final class HttpdLogs {
    private final Fronts fronts;
    private final List<Integer> before;

    private HttpdLogs(Fronts fronts, List<Integer> before) {
        this.fronts = fronts;
        this.before = List.copyOf(before);
    }

    /** From now on. */
    static HttpdLogs from(Fronts fronts) throws IOException {
        List<Integer> before = new ArrayList<>();
        for (Front front : fronts.fronts()) {
            before.add(RequestLog.read(front.httpd().accessLog()).size());
        }
        return new HttpdLogs(fronts, before);
    }

    List<RequestLog.Entry> since() throws IOException {
        List<RequestLog.Entry> all = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            List<RequestLog.Entry> log =
                    RequestLog.read(fronts.fronts().get(i).httpd().accessLog());
            all.addAll(log.subList(before.get(i), log.size()));
        }
        return all;
    }
}
