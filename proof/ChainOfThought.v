(* Chain of thought: the theorem for every n, every number of steps and all parameters, and the
   certificate. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions LanguageDefinitions.
From TC0 Require Import Vocabulary Words Values Blocks CausalAttention Norm StairNorm Layer.
From TC0 Require Import LastPosition Embedding Transformer Located KeptAttention Decoder.
From TC0 Require Import DecoderStack Thought.
Import ListNotations.
Open Scope Z_scope.

(* ---- the theorem ---- *)

(* The program means the tokens that are thought, for any prompt P of tokens. *)
Theorem thought_meaning words d table codes layers norm NL low high a F
    (P : tensor -> Prop) n x tokens T :
  (1 <= words)%nat -> all_sound d (least table + low) (most table + high) None layers ->
  local norm -> (forall i k, low <= codes i k <= high) ->
  match last_prev None layers with
  | None => False
  | Some (b, js) => forall m, stair_norm d b js NL m norm
  end ->
  fits [0%nat] 1 NL = true -> (1 <= n)%nat -> (forall i, (i < n)%nat -> (tokens i < words)%nat) ->
  P (sem0 a n 0 x) ->
  makes F n P (fun t => holds t n d (fun i f => word_vector table (tokens i) f)) ->
  meaning (thought_of words d table layers NL a F (codes_from codes 0)
    (map (fun t => codes_from codes (n + t)) (seq 0 T))) n x =
  flat_map (fun t => map (fun w =>
    Z.b2z (w =? think (next_of words d table codes layers norm) n tokens (S T) (n + t))%nat)
    (seq 0 words)) (seq 0 (S T)).
Proof.
  intros W So Ln Cr LN Fits Hn Tok HP HF.
  set (s := think (next_of words d table codes layers norm) n tokens (S T)).
  set (m := (n + S T)%nat).
  assert (Old : forall i, (i < n)%nat -> s i = tokens i).
  { intros i I. subst s. eapply think_stays with (t := 0%nat); eauto; lia. }
  assert (Next : forall t, (n + t < m)%nat -> s (n + t)%nat =
    word_after words d table codes layers norm m s (n + t - 1)).
  { intros t M. subst s. eapply think_word; eauto; lia. }
  assert (In : forall i, (i < m)%nat -> (s i < words)%nat).
  { intros i M. destruct (Nat.lt_ge_cases i n) as [C | C]; [rewrite Old; auto |].
    replace i with (n + (i - n))%nat by lia. rewrite Next by lia. unfold word_after.
    now apply leftmost_ok. }
  unfold meaning, thought_of. cbn [p_ins p_ops p_outs sems0].
  set (k := length (first_ops words d table layers NL F (codes_from codes 0))).
  set (past := first_places d None (length F + 1) layers).
  set (Cs := map _ (seq 0 T)). set (ops := _ ++ _ :: _). set (E := sems n ops [sem0 a n 0 x]).
  assert (R : runs n E 1 ops) by (exists [sem0 a n 0 x], []; split; [reflexivity |];
    unfold E; now rewrite app_nil_r).
  assert (H0 : P (nth 0 E tnone)) by (unfold E; now rewrite sems_old by (cbn [length]; lia)).
  unfold ops in R. apply runs_app in R. destruct R as [R1 R]. fold k in R.
  clearbody E. clear ops.
  destruct (first_ok words d table codes layers norm NL low high W So Ln Cr LN Fits n E m s Hn
    ltac:(lia) F P R1 H0) as [Hk K].
  { intros t Ht. eapply holds_ext; [exact (HF t Ht) |]. intros i f I _. cbn beta. now rewrite Old. }
  fold k past in Hk, K. replace (n - 1)%nat with (n + 0 - 1)%nat in Hk by lia.
  rewrite <- Next, Nat.add_0_r in Hk by lia.
  cbn [flat_map seq]. rewrite Nat.add_0_r. f_equal.
  { rewrite (elements_lists _ _ _ Hk). reflexivity. }
  assert (H1 : row (nth (k + 1) E tnone) words (mark (s (n + 0)%nat))).
  { unfold position_op, gather in R. value R V. replace (1 + k)%nat with (k + 1)%nat in V by lia.
    rewrite V. split; [cbn [sem1 fst]; now lengths |]. intros z w Z Ww.
    replace z with 0%nat by lia. one. rewrite Nat.mul_0_r, !Nat.add_0_l, Nat.add_0_r.
    now apply Hk. }
  apply runs_first in R; [destruct R as [_ R] | intros j [<- | []]; lia].
  change (S (1 + k)) with (S (S k)) in R. replace (S (S k)) with (S (k + 1)) in R by lia.
  eapply (more_ok words d table codes layers norm NL low high) with (m := m) (t := 0%nat)
    (below := S k); eauto; try lia.
  now rewrite Nat.add_0_r.
Qed.
Print Assumptions thought_meaning.

(* ---- certificates ---- *)

(* What a concrete model computes is compared with what a file says by unfolding these first. *)
Strategy expand [next_of layer_at attention_at].

(* The layers of a concrete model, whose operations are text, and the operations of its last norm.
   The first layer reads the embedding, and a later one a staircase of the sum before it. *)
Ltac decoders text layers before norm d :=
  lazymatch text with
  | context [root_sign _ _ ?B1 _ :: ?text1] =>
    lazymatch layers with
    | [] =>
      lazymatch before with
      | (?b, ?js) => let N := stair_norm_ops b js norm B1 in constr:((@nil decoder, N))
      end
    | pre_norm_layer _ ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2 ?f1 ?f2
        (attend_causal _ ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _) :: ?more =>
      lazymatch text1 with
      | context [root_sign _ _ ?B2 _ :: ?text2] =>
        let N1 := lazymatch before with
          | (?b, ?js) => let N := stair_norm_ops b js f1 B1 in N
          | _ => let N := norm_ops f1 B1 in N
          end in
        let N2 := stair_norm_ops b1 j1 f2 B2 in
        let H := eval vm_compute in (d / e)%nat in
        let r := decoders text2 more (b2, j2) norm d in
        lazymatch r with
        | (?list, ?N) =>
          constr:((mkDecoder H e WQ WK WV base jumps unit lo levels m parts WO WU WD b1 j1 bU jU
            b2 j2 f1 f2 N1 N2 :: list, N))
        end
      end
    end
  end.

(* What is asked of a concrete model. *)
Ltac thought_part :=
  lazymatch goal with
  | |- local (rms_norm _ _ _ _ _ _ _ _) => apply rms_local
  | |- local (layer_norm _ _ _ _ _ _ _ _) => apply layer_norm_local
  | |- forall m u, in_range _ _ u -> computes _ _ _ _ _ _ =>
    let R := fresh in intros ? ? R; norm_in_range ltac:(exact R)
  | |- forall m, stair_norm _ _ _ _ _ _ => layer_part
  | |- _ => compute_hypothesis
  end.
Ltac sound_part :=
  cbn [all_sound]; unfold sound, after;
  cbn [heads width base jumps unit norm1 norm2 base1 jumps1 base2 jumps2 N1 N2];
  repeat match goal with |- _ /\ _ => split end; try exact I; thought_part.

(* Writes the next token of a model for what a file says it is. *)
Ltac same_next f model :=
  let E := fresh in
  assert (E : model = f);
  [ cbv beta iota delta [next_of map layer_at attention_at heads width WQ WK WV base jumps unit lo
      levels hidden parts WO WU WD base1 jumps1 baseU jumpsU base2 jumps2 norm1 norm2]; reflexivity
  | rewrite <- E; clear E ].

(* From what is certified of a concrete program, whose numbers are those of codes, shows that it
   computes so many thoughts. The numbers B are read off the program. *)
Ltac certify_thought certificate range :=
  on_tokens certificate ltac:(fun n tokens x T =>
  lazymatch goal with
  | |- meaning ?program _ _ = flat_map (fun t => map (fun w =>
      Z.b2z (w =? think ?next _ _ ?steps _)%nat) _) _ =>
    let text := eval hnf in program in
    let f := eval red in next in
    let body := eval cbv beta in (f n tokens) in
    change next with f;
    lazymatch body with
    | next_token ?words ?d ?table ?codes ?layers ?norm _ _ =>
      let r := decoders text layers tt norm d in
      lazymatch r with
      | (?list, ?NL) =>
        same_next f (next_of words d table codes list norm);
        let more := eval vm_compute in (Nat.pred steps) in
        let run a F P :=
          let E := fresh in
          assert (E : program = thought_of words d table list NL a F (codes_from codes 0)
            (map (fun t => codes_from codes (n + t)) (seq 0 more)))
            by (lazymatch goal with |- _ = ?r => vm_cast_no_check (eq_refl r) end);
          rewrite E; clear E;
          refine (thought_meaning words d table codes list norm NL _ _ a F P n x tokens more
            _ _ _ range _ _ _ _ _ _) in
        lazymatch type of T with
        | one_hot _ _ _ _ =>
          run (booleans [pn; [words]]) (hot_ops words d table)
            (fun t => holds t n words (hot tokens))
        | binary _ ?p _ _ _ =>
          run (naturals [pn] p) (binary_ops words d table) (numbers n tokens)
        end
      end
    end
  end;
  [ compute_hypothesis | sound_part | thought_part
  | cbv beta iota delta [last_prev after base2 jumps2]; thought_part
  | vm_compute; reflexivity | assumption
  | let i := fresh in let I := fresh in intros i I; apply (T i I)
  | first [now apply hot_holds | eapply numbers_hold; exact T]
  | let A := fresh in
    assert (A := fun i I => proj1 (T i I));
    first [now apply hot_computes | apply binary_makes; [lia | exact A]] ]).
