package io.softq4j.notebooks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanTest {

    @TempDir
    private Path directory;

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aKernelEndsWithTheJupyterThatStartedIt() throws IOException, InterruptedException {
        StringBuilder connection = new StringBuilder("{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"key\": \"k\", \"signature_scheme\": \"hmac-sha256\"");
        for (String channel : new String[] {"control", "shell", "stdin", "hb", "iopub"}) {
            connection.append(", \"").append(channel).append("_port\": ").append(freePort());
        }
        Path file = Files.writeString(directory.resolve("connection.json"), connection.append("}"));
        Process jupyter = new ProcessBuilder("sleep", "1000").start();
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), NotebookKernel.class.getName(), file.toString());
        builder.environment().put("JPY_PARENT_PID", Long.toString(jupyter.pid()));
        Process kernel = builder.redirectErrorStream(true).redirectOutput(directory.resolve("kernel.log").toFile()).start();
        try {
            assertFalse(kernel.waitFor(3, TimeUnit.SECONDS), () -> "it ended by itself");
            jupyter.destroyForcibly();
            assertTrue(kernel.waitFor(20, TimeUnit.SECONDS));
        } finally {
            jupyter.destroyForcibly();
            kernel.destroyForcibly();
        }
    }
}
