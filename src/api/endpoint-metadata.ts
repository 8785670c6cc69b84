import type { ExternalDNSController } from './dns-configuration.ts'
import { controllerAnnotations, controllerAnnotationValue, label, managedByValue } from './labels.ts'
import { labelValue } from './names.ts'

/** Labels that every DNSEndpoint of an ExternalDNS instance has, whatever it is for. */
export const controllerLabels = (controller: ExternalDNSController): Readonly<Record<string, string>> => ({
  [label.app]: labelValue(controller.name),
  [label.managedBy]: managedByValue,
  [label.controller]: labelValue(controller.name),
  [label.region]: controller.region,
})

export const endpointAnnotations = (region: string): Readonly<Record<string, string>> => {
  const value = controllerAnnotationValue(region)
  return Object.fromEntries(controllerAnnotations.map(key => [key, value]))
}
