/** Stands in for the native `@vscode/deviceid`: only telemetry asks, and that is off. */
export async function getDeviceId(): Promise<string> {
  return "00000000-0000-4000-8000-000000000000";
}
