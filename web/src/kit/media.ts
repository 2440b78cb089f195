import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Whether a media query holds, by default that the page is as narrow as a phone; follows the
 *  window. */
export function useMedia(query = '(max-width: 47.99rem)'): Ref<boolean> {
  const media = matchMedia(query)
  const is = ref(media.matches)
  const measure = () => (is.value = media.matches)
  onMounted(() => media.addEventListener('change', measure))
  onBeforeUnmount(() => media.removeEventListener('change', measure))
  return is
}
