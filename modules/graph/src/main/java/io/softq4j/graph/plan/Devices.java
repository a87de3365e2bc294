package io.softq4j.graph.plan;

import io.softq4j.graph.cpu.CpuDevice;
import io.softq4j.graph.device.Device;
import org.nd4j.linalg.factory.Nd4j;

/** Which device plans run on, unless they are given one. */
final class Devices {

    private static final Device CURRENT = Nd4j.getEnvironment().isCPU() ? CpuDevice.CPU : new Nd4jCuda();

    private Devices() {
    }

    /** The one that ND4J's backend, chosen before it loads, computes on. */
    static Device current() {
        return CURRENT;
    }
}
