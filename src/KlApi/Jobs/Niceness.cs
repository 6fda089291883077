using System.Runtime.InteropServices;

namespace KlApi.Jobs;

/// <summary>
/// Steps a thread back behind those that answer requests. .NET's thread priorities do nothing on Linux, where priority belongs to users;
/// niceness is what a thread may raise for itself.
/// </summary>
internal static class Niceness
{
    private const int ProcessOrThread = 0, ThisThread = 0, BelowNormal = 5;

    /// <summary>Lowers the calling thread. A system that refuses leaves it as it is.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(ProcessOrThread, ThisThread, BelowNormal);
        else Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
