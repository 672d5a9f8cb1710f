package io.rollcall.deploy.demo;

import io.rollcall.apache.Httpd;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.BackendProcess;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Stage;
import java.io.IOException;
import java.util.Map;

/** Starts all of Rollcall on this machine, and shows it or plays the story. The script {@code deploy/demo} starts this. */
final class Demo {
    static final String SHOP = "shop.example.com";
    static final String BLOG = "blog.example.com";

    private Demo() {}

    public static void main(String[] arguments) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("demo: " + e.getMessage());
            System.exit(2);
            return;
        }
        boolean fine = false;
        try (Stage stage = Stage.at(Place.given(), options.keep())) {
            fine = run(stage, options);
        } catch (IOException | IllegalStateException e) {
            System.err.println("demo: " + e.getMessage());
        }
        System.exit(fine ? 0 : 1);
    }

    private static boolean run(Stage stage, Options options) throws IOException, InterruptedException {
        AgentProcess agent = stage.startAgent(Map.of());
        Httpd httpd = stage.startHttpd(agent, options.port());
        stage.startBackend(agent, SHOP, "shop-1");
        stage.startBackend(agent, SHOP, "shop-2");
        stage.startBackend(agent, BLOG, "blog-1");
        for (BackendProcess backend : stage.backends()) {
            backend.awaitRegistering();
        }
        introduce(stage, agent, httpd);
        if (options.check()) {
            return new Story(stage, agent, httpd).play();
        }
        new Board(stage, agent).show();
        return true;
    }

    private static void introduce(Stage stage, AgentProcess agent, Httpd httpd) {
        System.out.printf("agent     pid %-7d ZooKeeper inside it at %s%n", agent.pid(), agent.zookeeper());
        System.out.printf("httpd     pid %-7d http://127.0.0.1:%d/%n", httpd.pid(), httpd.port());
        for (BackendProcess backend : stage.backends()) {
            System.out.printf(
                    "%-9s pid %-7d %s for %s%n", backend.id(), backend.pid(), backend.address(), backend.service());
        }
        System.out.printf("files     %s%n", stage.place().directory());
        String rollcall = stage.place().distribution().resolve("bin/rollcall").toString();
        System.out.printf("%nTry       curl -H 'Host: %s' http://127.0.0.1:%d/%n", SHOP, httpd.port());
        System.out.printf("          %s status --socket %s%n", rollcall, agent.socket());
        System.out.printf(
                "          %s register wiki.example.com --zookeeper %s --address 127.0.0.1 --port 9000 -- COMMAND%n",
                rollcall, agent.zookeeper());
        System.out.printf(
                "          kill %d        it leaves; kill -9: the next probe finds it dead%n%n",
                stage.backends().get(0).pid());
    }
}
