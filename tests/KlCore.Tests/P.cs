namespace T; public class A { [Fact] public void X_Y_Z() => Assert.True(true); }
