package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.softq4j.common.UserError;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.TextGenerator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** Loads a model once and continues what is posted to /generate. Threads may share the model: they take turns. Arguments: the model, the port. */
public final class GenerationService {

    public static void main(String[] arguments) throws IOException {
        System.out.println("listening on " + start(Path.of(arguments[0]), Integer.parseInt(arguments[1])).getAddress());
    }

    static HttpServer start(Path directory, int port) throws IOException {
        TextGenerator model = TextGenerator.open(directory, Configuration.defaults().generation(c -> c.maxNewTokens(16)));
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/generate", request -> {
            String prompt = new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
                answer(request, 200, model.generate(prompt).text());
            } catch (UserError e) {    // a prompt that is too long, say; the message is fit to be shown
                answer(request, 400, e.getMessage());
            }
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange request, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        request.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        request.getResponseBody().write(bytes);
        request.close();
    }

    private GenerationService() {
    }
}
