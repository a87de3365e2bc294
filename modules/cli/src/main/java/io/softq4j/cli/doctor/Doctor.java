package io.softq4j.cli.doctor;

import ai.onnxruntime.OrtEnvironment;
import io.softq4j.common.UserError;
import io.softq4j.graph.backend.BackendChoice;
import io.softq4j.graph.backend.Cpu;
import io.softq4j.graph.backend.CudaBackend;
import io.softq4j.graph.backend.Engine;
import io.softq4j.graph.backend.Gpu;
import io.softq4j.graph.backend.Gpus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks at everything softq4j needs. Each check stands alone: one that fails hides none of the others. */
public final class Doctor {

    private static final int MATRIX = 1024;
    private static final double SLOW_GIGAFLOPS_PER_THREAD = 25;
    private static final long LITTLE_DISK_GB = 5;
    private static final long LITTLE_MEMORY_MB = 4096;
    private static final String USE_LAUNCHER = "Start it with the launcher, softq, which sets this.";

    private final Cpu cpu = Cpu.read();

    /** All findings, in the order in which one thing needs another. Takes two or three seconds. */
    public List<Check> examine() {
        List<Check> checks = new ArrayList<>();
        checks.add(java());
        checks.add(Check.good("System",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch")));
        checks.add(processor());
        checks.add(threads());
        checks.add(memory());
        checks.add(vectorApi());
        guarded("ND4J", "The native library needs glibc 2.17 or newer and its cache, ~/.javacpp, writable.", () -> engine(checks), checks);
        guarded("Tokenizers", "Only tokenizers from other tokenizer.json files need it (glibc 2.34 or newer); ours do without.",
                () -> checks.add(tokenizers()), checks);
        guarded("ONNX Runtime", "Only softq export needs it, for its parity check.",
                () -> checks.add(Check.good("ONNX Runtime", OrtEnvironment.getEnvironment().getVersion() + " loads")), checks);
        gpus(checks);
        guarded("Disk", "", () -> checks.add(disk()), checks);
        return checks;
    }

    private static void guarded(String name, String advice, Runnable check, List<Check> checks) {
        try {
            check.run();
        } catch (RuntimeException | LinkageError e) {
            Throwable cause = e;
            while (cause.getCause() != null && !(cause instanceof UserError)) {
                cause = cause.getCause();
            }
            checks.add(cause instanceof UserError ? Check.bad(name, "refused", cause.getMessage())
                    : Check.bad(name, "does not load: " + cause, advice));
        }
    }

    private static Check java() {
        return Check.good("Java", Runtime.version() + ", " + System.getProperty("java.vm.vendor") + ", " + System.getProperty("java.home"));
    }

    private Check processor() {
        String value = cpu.model() + (cpu.cores() == 0 ? "" : ", " + cpu.cores() + " cores")
                + (cpu.features().isEmpty() ? "" : ": " + String.join(" ", cpu.features()));
        boolean x86 = System.getProperty("os.arch").equals("amd64");
        return x86 && !cpu.features().isEmpty() && !cpu.has("avx2")
                ? Check.poor("CPU", value, "Without AVX2 training is several times slower.") : Check.good("CPU", value);
    }

    private Check threads() {
        int available = Runtime.getRuntime().availableProcessors();
        String set = System.getenv("OMP_NUM_THREADS");
        String value = available + " available to this process, OMP_NUM_THREADS " + (set == null ? "not set" : set);
        if (set == null) {
            return Check.poor("Threads", value, USE_LAUNCHER);
        }
        return set.matches("\\d+") && Integer.parseInt(set) > available
                ? Check.poor("Threads", value, "More threads than processors slow each other down.") : Check.good("Threads", value);
    }

    private static Check memory() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long total = system.getTotalMemorySize() >> 20;    // of the container, if it has a limit
        String value = total + " MB, free " + (system.getFreeMemorySize() >> 20) + "; heap up to " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MB, tensors up to " + System.getProperty("org.bytedeco.javacpp.maxbytes", "as much");
        if (total < LITTLE_MEMORY_MB) {
            return Check.poor("Memory", value, "Under 4 GB only small models train.");
        }
        return System.getProperty("org.bytedeco.javacpp.maxbytes") == null ? Check.poor("Memory", value, USE_LAUNCHER) : Check.good("Memory", value);
    }

    private static Check vectorApi() {
        return ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()
                ? Check.good("Vector API", "module jdk.incubator.vector is there")
                : Check.bad("Vector API", "this Java has no module jdk.incubator.vector", "Use a full JDK, 17 or newer.");
    }

    private void engine(List<Check> checks) {
        BackendChoice choice = BackendChoice.current();
        Engine engine = Engine.load();
        String loaded = engine.backend() + " backend, " + engine.classifier();
        String best = cpu.bestClassifierSuffix();
        if (!choice.note().isEmpty()) {
            checks.add(Check.poor("ND4J", loaded, choice.note()));
        } else if (!choice.cuda() && !best.isEmpty() && !engine.classifier().contains("-avx")) {
            checks.add(Check.poor("ND4J", loaded, "This CPU can run linux-x86_64" + best + ", which ./softq of the source tree picks."));
        } else {
            checks.add(Check.good("ND4J", loaded));
        }
        checks.add(blas(engine));
        double gigaflops = engine.gigaflops(MATRIX);
        String rate = String.format(Locale.ROOT, "%.0f GFLOP/s, float32 %d x %d product, %d threads", gigaflops, MATRIX, MATRIX, engine.threads());
        checks.add(gigaflops < SLOW_GIGAFLOPS_PER_THREAD * engine.threads()
                ? Check.poor("Speed", rate, "Slow for its threads: another program is running, or BLAS took the wrong core.")
                    : Check.good("Speed", rate));
    }

    private Check blas(Engine engine) {
        String core = engine.blasCore();
        String value = engine.blas() + (core.isEmpty() ? "" : ", kernels for " + core);
        boolean avx512 = cpu.has("avx512f") && !List.of("SkylakeX", "Cooperlake").contains(core);
        boolean avx2 = cpu.has("avx2") && List.of("Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Sandybridge").contains(core);
        if (core.isEmpty() || !avx512 && !avx2) {
            return Check.good("BLAS", value);
        }
        String set = System.getenv("OPENBLAS_CORETYPE");
        return Check.poor("BLAS", value, set == null ? USE_LAUNCHER
                : "OPENBLAS_CORETYPE=" + set + " in your environment forbids the AVX-512 kernels, twice as fast: unset it.");
    }

    private static Check tokenizers() {
        try {
            Class.forName("ai.djl.huggingface.tokenizers.jni.LibUtils");    // its initialiser unpacks and loads the native library
            return Check.good("Tokenizers", "native library loads");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void gpus(List<Check> checks) {
        Gpus gpus = Gpus.probe();
        if (gpus.gpus().isEmpty()) {
            checks.add(Check.good("GPU", "none: " + gpus.problem()));
        }
        for (Gpu gpu : gpus.gpus()) {
            String value = gpu.index() + ": " + gpu.name() + ", " + gpu.memory() + ", compute capability "
                    + gpu.computeCapability() + ", driver " + gpu.driver();
            checks.add(gpu.usable()
                    ? Check.good("GPU", value + "; " + CudaBackend.NAME + " has machine code for it (SOFTQ_BACKEND=cuda)")
                    : Check.poor("GPU", value, CudaBackend.NAME + " has no machine code for it, only for "
                        + CudaBackend.supported() + ": softq4j computes on the CPU here."));
        }
    }

    private static Check disk() {
        try {
            Path directory = Path.of("").toAbsolutePath();
            long free = Files.getFileStore(directory).getUsableSpace() / 1_000_000_000;
            String value = free + " GB free in " + directory;
            if (!Files.isWritable(directory)) {
                return Check.poor("Disk", value, "This directory cannot be written to: run softq elsewhere or give --out.");
            }
            return free < LITTLE_DISK_GB ? Check.poor("Disk", value, "Checkpoints and shards need room.") : Check.good("Disk", value);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
