package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Kernels;
import io.softq4j.graph.device.Space;
import io.softq4j.graph.device.Work;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The CPU. Its memory is the host's, so that nothing is copied. */
public final class CpuDevice implements Device {

    /** The one there is. */
    public static final CpuDevice CPU = new CpuDevice();

    private CpuDevice() {
    }

    @Override
    public String name() {
        return CpuKernels.DEVICE;
    }

    @Override
    public Kernels kernels() {
        return CpuKernels.TABLE;
    }

    @Override
    public Space allocate(long bytes) {
        return new ArenaMemory(bytes);
    }

    @Override
    public Space probes() {
        return new Probes();
    }

    @Override
    public INDArray resident(INDArray host) {
        return host;
    }

    @Override
    public INDArray visible(INDArray resident) {
        return resident;
    }

    @Override
    public void toDevice(INDArray host, INDArray resident) {
    }

    @Override
    public void toHost(INDArray resident, INDArray host) {
    }

    @Override
    public Work clear(INDArray resident) {
        FloatBuffer cleared = Memory.floats(resident);
        return () -> Floats.zero(cleared);
    }

    @Override
    public Work add(INDArray sum, INDArray more) {
        FloatBuffer to = Memory.floats(sum);
        FloatBuffer from = Memory.floats(more);
        return () -> Floats.add(to, from);
    }
}
