@echo off
rem softq on Windows: runs softq4j from this archive. Needs Java 17 or newer, by JAVA_HOME or on the PATH.
rem Read from the environment, all optional: JAVA_HOME, SOFTQ_JAVA_OPTS (more options for the JVM, last, so that they
rem win), SOFTQ_PLUGINS (jars with classes of your own, with ; between them), OMP_NUM_THREADS, RUST_FLAVOR.
rem No block in parentheses holds a path: those of Windows contain parentheses themselves.
setlocal
set "SOFTQ_LIB=%~dp0..\lib"

set "SOFTQ_JAVA=java"
if defined JAVA_HOME set "SOFTQ_JAVA=%JAVA_HOME%\bin\java.exe"
"%SOFTQ_JAVA%" -version >nul 2>nul
if errorlevel 1 goto nojava

if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=%NUMBER_OF_PROCESSORS%"
if not defined GOMP_SPINCOUNT set "GOMP_SPINCOUNT=10000"
if not defined RUST_FLAVOR set "RUST_FLAVOR=cpu"
set "SOFTQ_CP=%SOFTQ_LIB%\softq4j.jar"
if defined SOFTQ_PLUGINS set "SOFTQ_CP=%SOFTQ_CP%;%SOFTQ_PLUGINS%"
rem softq writes UTF-8
chcp 65001 >nul

rem A quarter of the memory is for Java objects, 2.6 times as much for tensors, off the heap.
"%SOFTQ_JAVA%" --add-modules=jdk.incubator.vector -XX:+UseSerialGC -XX:MaxRAMPercentage=25 -XX:MaxDirectMemorySize=1t ^
 -Dorg.bytedeco.javacpp.maxbytes=260%% -Dorg.bytedeco.javacpp.maxphysicalbytes=400%% ^
 -Dorg.nd4j.log.initialization=false -Djava.awt.headless=true ^
 -Dfile.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8 -Dsun.stderr.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ^
 %SOFTQ_JAVA_OPTS% -cp "%SOFTQ_CP%" io.softq4j.cli.Softq %*
exit /b %ERRORLEVEL%

:nojava
echo softq: error: softq4j needs Java, version 17 or newer: %SOFTQ_JAVA% does not start. 1>&2
echo Install it, then run this command again: winget install EclipseAdoptium.Temurin.17.JRE 1>&2
exit /b 2
