package io.softq4j.benchmark;

import io.softq4j.common.UserError;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the measured processes are started.
 *
 * @param ours    class path with ND4J
 * @param peers   class path with PyTorch
 * @param options of the JVM that runs our engine, as the launcher gave them to this one
 * @param threads of each side
 */
record Processes(String ours, String peers, List<String> options, int threads) {

    /** System property the launcher sets: class path of the peers. */
    static final String PEERS = "softq.benchmark.peers";

    private static final String PEER_MAIN = "io.softq4j.benchmark.peer.PeerMain";
    /** Tensors are off the heap on both sides, so a small heap is enough for both, and is the same. */
    private static final List<String> MEMORY = List.of("-Xmx768m", "-XX:MaxDirectMemorySize=32g", "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

    /**
     * From this process's own start.
     *
     * @throws UserError if the class path of the peers is not known or the system has no PyTorch here
     */
    static Processes fromLauncher() {
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")) {
            throw new UserError("softq benchmark engine runs on Linux on x86-64 only: it compares with the PyTorch for it and reads /proc. "
                    + "This is " + System.getProperty("os.name") + " on " + System.getProperty("os.arch") + ".");
        }
        String peers = System.getProperty(PEERS);
        if (peers == null) {
            throw new UserError("the class path of PyTorch is not set (" + PEERS + "). Start the benchmark with ./softq, which builds and sets it.");
        }
        String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return new Processes(System.getProperty("java.class.path"), peers, ManagementFactory.getRuntimeMXBean().getInputArguments(),
                Integer.parseInt(threads));
    }

    /** softq4j, training. */
    TrainingChild ours(ModelShape shape, String... more) {
        return ours(shape, false, more);
    }

    /** softq4j, training with or without gradient checkpointing. */
    TrainingChild ours(ModelShape shape, boolean gradientCheckpointing, String... more) {
        return new TrainingChild(ours(OurMain.class, List.of(more), shape.text(), Boolean.toString(gradientCheckpointing)));
    }

    /** PyTorch, training, with the weights of a model directory. */
    TrainingChild peer(String kind, ModelShape shape, Path model) {
        ProcessBuilder builder = java(peers, MEMORY, PEER_MAIN, kind, shape.text(), model.toString(), Integer.toString(threads));
        Map<String, String> environment = builder.environment();
        environment.put("OMP_NUM_THREADS", Integer.toString(threads));
        // the launcher sets these for ND4J and its old OpenBLAS; PyTorch runs as it comes
        environment.remove("GOMP_SPINCOUNT");
        environment.remove("OPENBLAS_CORETYPE");
        return new TrainingChild(builder);
    }

    /** A main class on our own class path. */
    ProcessBuilder ours(Class<?> main, List<String> more, String... arguments) {
        List<String> all = new ArrayList<>(options);
        all.addAll(MEMORY);
        all.addAll(more);
        ProcessBuilder builder = java(ours, all, main.getName(), arguments);
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
        return builder;
    }

    private static ProcessBuilder java(String classPath, List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.add("-D" + CommandServer.PARENT + "=" + ProcessHandle.current().pid());
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
