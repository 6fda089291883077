using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using KlCore.Training;

namespace KlApi.Tests.Jobs
{
    /// <summary>Teaches the service the kind "walk": in this process when the tests load, in a child process by <see cref="global::StartupHook"/>.</summary>
    internal static class TestKinds
    {
        [ModuleInitializer]
        internal static void Register()
        {
            var resolver = (DefaultJsonTypeInfoResolver)KlApi.Host.Json.Options.TypeInfoResolver!;
            resolver.Modifiers.Add(static info =>
            {
                if (info.Type != typeof(TrainingSpecification)) return;
                info.PolymorphismOptions ??= new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
                info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(typeof(Walk), "walk"));
            });
        }
    }
}

/// <summary>What the runtime calls before the main program when DOTNET_STARTUP_HOOKS names this assembly. Loading it is enough.</summary>
internal static class StartupHook
{
    public static void Initialize() => RuntimeHelpers.RunModuleConstructor(typeof(StartupHook).Module.ModuleHandle);
}
