package io.softq4j.graph.backend;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Arrays;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * ND4J as it was loaded into this process.
 *
 * @param backend    {@code CPU} or {@code CUDA}
 * @param classifier the build of its native library that was loaded, such as {@code linux-x86_64-onednn-avx2}
 * @param blas       vendor of the BLAS library
 * @param blasCore   the CPU core whose kernels OpenBLAS chose, such as {@code SkylakeX}; empty for another vendor
 * @param threads    threads of a native operation
 */
public record Engine(String backend, String classifier, String blas, String blasCore, int threads) {

    private static final int WARM_UP = 3;
    private static final int REPEATS = 7;

    /** Loads ND4J if it is not loaded, in about a second. */
    public static Engine load() {
        boolean cpu = Nd4j.getEnvironment().isCPU();
        String library = Loader.load(NativeOpsHolder.getInstance().getDeviceNativeOps().getClass());
        return new Engine(cpu ? "CPU" : "CUDA", directoryOf(library), Nd4j.factory().blas().getBlasVendor().toString(), coreOfOpenBlas(),
                Nd4j.getEnvironment().maxMasterThreads());
    }

    /**
     * The rate of square float32 matrix products, warm: the best of several.
     *
     * @param size rows and columns
     * @return 10^9 floating-point operations per second, a multiply-add counting two
     */
    public double gigaflops(int size) {
        double best = 0;
        try (INDArray a = Nd4j.rand(DataType.FLOAT, size, size); INDArray b = Nd4j.rand(DataType.FLOAT, size, size);
                INDArray c = Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, size}, 'f')) {
            for (int i = 0; i < WARM_UP + REPEATS; i++) {
                long start = System.nanoTime();
                Nd4j.exec(new Mmul(a, b, c, 1, 0, MMulTranspose.allFalse()));
                c.getFloat(0, 0);    // waits for a GPU
                double seconds = (System.nanoTime() - start) / 1e9;
                best = i < WARM_UP ? 0 : Math.max(best, 2.0 * size * size * size / seconds / 1e9);
            }
        }
        return best;
    }

    private static String directoryOf(String library) {
        String[] parts = library.replace('\\', '/').split("/");
        return Arrays.stream(parts).filter(p -> p.matches("(linux|macosx|windows)-[a-z0-9_-]+")).reduce((first, second) -> second)
                .orElse(library);
    }

    private static String coreOfOpenBlas() {
        var address = Loader.addressof("openblas_get_corename");
        return address == null ? "" : Function.getFunction(new Pointer(address.address())).invokeString(new Object[0], false);
    }
}
